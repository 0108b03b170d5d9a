#!/bin/sh
# Prints a line whenever the lid opens.
while sleep 1; do
  ioreg -r -k AppleClamshellState | grep -q '"AppleClamshellState" = No' && echo open
done
