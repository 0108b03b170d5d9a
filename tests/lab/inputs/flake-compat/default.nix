# In place of flake-compat. By the time a default.nix calls it, its own pin was fetched: not in the lab.
{ src, ... }: { defaultNix = (import (src + "/flake.nix")).description or { }; shellNix = { }; outputs = { }; }
