#!/usr/bin/env node
// ferrule-import walks.csv > data/walks.json
import { readFileSync } from 'node:fs'

const [file] = process.argv.slice(2)
if (!file) {
  console.error('usage: ferrule-import FILE.csv')
  process.exit(2)
}
const walks = readFileSync(file, 'utf8').trim().split('\n').map((line) => {
  const [day, where] = line.split(',')
  return { day, where }
})
console.log(JSON.stringify(walks, null, 2))
