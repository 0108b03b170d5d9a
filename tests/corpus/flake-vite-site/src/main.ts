import L from "leaflet";
import "leaflet/dist/leaflet.css";

const map = L.map("map").setView([54.41, -2.17], 12);
L.tileLayer("https://tile.openstreetmap.org/{z}/{x}/{y}.png").addTo(map);

const commit: string = import.meta.env.VITE_COMMIT ?? "development";
document.querySelector("#version")!.textContent = commit.slice(0, 7);
