export const apiBase = API_BASE;

export const drawHedges = (base) => () => {
  fetch(`${base}/parish/12.json`)
    .then((answer) => answer.json())
    .then((hedges) => {
      document.querySelector("#count").textContent = `${hedges.length} hedges`;
    });
};
