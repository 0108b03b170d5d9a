const list = document.querySelector("#log");
fetch(location.pathname + "/log")
  .then((answer) => answer.text())
  .then((text) => list?.replaceChildren(...text.split("\n")));
