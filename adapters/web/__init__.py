"""The preview: a local web page that plays a small team, without any account."""
