export default function (config) {
  config.addPassthroughCopy('pages/style.css')
  return { dir: { input: 'pages', output: '_site' } }
}
