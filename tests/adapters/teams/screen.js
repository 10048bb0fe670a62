// Draws a card with Microsoft's own renderer, in the manner of Teams.
const markdown = (globalThis.markdownit.default ?? globalThis.markdownit)();
AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};

globalThis.show = (value, scheme) => {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig(hosts[scheme]);
  card.parse(value);
  const drawn = card.render();
  drawn.classList.add(scheme);
  document.querySelector(`.${scheme} .card`).replaceChildren(drawn);
};

// What of the card cannot be read or pressed at this width; empty when all can.
globalThis.lost = () => {
  const card = document.querySelector(".card");
  const room = card.getBoundingClientRect();
  const wide = [...card.querySelectorAll("*")].filter((part) => {
    const { left, right, width } = part.getBoundingClientRect();
    return width > 0 && (left < room.left - 1 || right > room.right + 1);
  });
  const cut = [...card.querySelectorAll("button, button *")].filter((part) => part.scrollWidth > part.clientWidth);
  return [...wide, ...cut].map((part) => part.textContent || part.tagName);
};
