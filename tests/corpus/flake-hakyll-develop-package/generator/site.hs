{-# LANGUAGE OverloadedStrings #-}

import Hakyll

main :: IO ()
main = hakyll $ do
  match "style.css" $ route idRoute >> compile compressCssCompiler

  match "notes/*.md" $ do
    route (setExtension "html")
    compile $ pandocCompiler >>= relativizeUrls

  match "index.md" $ do
    route (setExtension "html")
    compile pandocCompiler
