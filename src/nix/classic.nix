# What a default.nix gives, one level deep: a set may hold all of nixpkgs.
{ facts, file, path }:
let
  value = import file;
  arguments = if builtins.isFunction value then builtins.functionArgs value else { };
  required = builtins.filter (name: !arguments.${name}) (builtins.attrNames arguments);
  called = if builtins.isFunction value then value { } else value;
  step = found: name: if builtins.isAttrs found && found ? ${name} then found.${name} else null;
  chosen = builtins.foldl' step called path;
in
if required != [ ] then { is = "function"; inherit required; }
else if chosen == null then { is = "absent"; }
else if !builtins.isAttrs chosen then { is = builtins.typeOf chosen; }
else if (chosen.type or null) == "derivation" then { is = "derivation"; facts = facts chosen; }
else if builtins.length (builtins.attrNames chosen) > 300 then { is = "many"; }
else { is = "set"; attributes = builtins.mapAttrs (_: facts) chosen; }
