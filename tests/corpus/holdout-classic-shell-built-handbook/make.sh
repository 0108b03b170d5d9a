#!/bin/sh
# make.sh FROM TO: a page for every chapter, and one that lists them
set -eu

mkdir -p "$2"
{
    echo "# The sheepdog's handbook"
    echo
    for chapter in ${CHAPTERS:-$(cd "$1" && echo *.md)}; do
        page=${chapter%.md}
        pandoc --standalone --metadata title="$page" "$1/$chapter" -o "$2/$page.html"
        echo "- [$page]($page.html)"
    done
} | pandoc --standalone --metadata title=Handbook -f markdown -o "$2/index.html"
