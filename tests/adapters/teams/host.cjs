// A host of cards in the manner of Teams: its limits, its type, light and dark.
(function (shell) {
  const fonts = (fontSizes) => ({
    fontFamily: "'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
    fontSizes,
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
  });
  const sizes = { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 };
  const style = ({ paper, ink, soft, wrong, link }) => ({
    backgroundColor: paper,
    foregroundColors: {
      default: { default: ink, subtle: soft },
      accent: { default: link, subtle: link },
      attention: { default: wrong, subtle: wrong },
    },
  });
  const light = { paper: "#ffffff", ink: "#242424", soft: "#616161", wrong: "#b10e1c", link: "#4f52b2" };
  const dark = { paper: "#292929", ink: "#ffffff", soft: "#adadad", wrong: "#f1707b", link: "#9ea2ff" };
  const host = (colours) => ({
    supportsInteractivity: true,
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    fontTypes: { default: fonts(sizes), monospace: fonts(sizes) },
    textStyles: { heading: { weight: "bolder", size: "large" } },
    textBlock: { headingLevel: 2 },
    containerStyles: { default: style(colours), emphasis: style(colours) },
    actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: "horizontal", actionAlignment: "left" },
    inputs: { label: { inputSpacing: "small", optionalInputs: { weight: "default" } } },
  });
  shell.hosts = { light: host(light), dark: host(dark) };
})(typeof module === "object" ? module.exports : globalThis);
