const { level, unit } = await (await fetch("/api/water")).json();
document.body.textContent = `${level} ${unit}`;
