import { Router } from "express";

export const boards = Router();
const links = new Map();

boards.get("/:board", (req, res) => {
  res.json(links.get(req.params.board) ?? []);
});
