const http = require("node:http");

const shelf = [{ name: "red lentils", expires: "2027-03-01" }];

exports.createApp = () =>
  http.createServer((req, res) => {
    res.setHeader("content-type", "application/json");
    res.end(JSON.stringify(req.url === "/items" ? shelf : { items: shelf.length }));
  });
