# What a default.nix gives, one level deep: a set may hold all of nixpkgs. One more level only where the
# set asks for it by `recurseForDerivations`.
{ facts, file, path, args ? { } }:
let
  # Called as `nix-build` would: only a function whose arguments all are given or have defaults.
  required = value: let arguments = builtins.functionArgs value; in builtins.filter (name: !arguments.${name} && !args ? ${name}) (builtins.attrNames arguments);
  # `x: …` takes anything and so is called by nobody. Only its XML tells it from `{ ... }: …`.
  xml = value: builtins.replaceStrings [ "\n" ] [ " " ] (builtins.toXML value);
  named = value: builtins.match ".*<varpat .*" (xml value) != null;
  # What it doesn't name is given only to a function with `...`.
  given = value: if builtins.match ".*<attrspat [^>]*ellipsis=.*" (xml value) != null then args else builtins.intersectAttrs (builtins.functionArgs value) args;
  call = value: if builtins.isFunction value && !named value && required value == [ ] then value (given value) else value;

  value = import file;
  needed = if builtins.isFunction value && !named value then required value else [ ];
  nixpkgs = builtins.tryEval (builtins.findFile builtins.nixPath "nixpkgs");
  # Nothing of the user's own configuration: the build won't have it.
  pkgs = import nixpkgs.value { config = { }; overlays = [ ]; };
  callable = nixpkgs.success && builtins.all (name: builtins.hasAttr name pkgs) needed;

  step = found: name: let set = call found; in if builtins.isAttrs set && set ? ${name} then set.${name} else null;
  isDerivation = thing: builtins.isAttrs thing && (thing.type or null) == "derivation";
  tooMany = set: builtins.length (builtins.attrNames set) > 300;
  attribute = thing:
    let nested = builtins.tryEval (builtins.isAttrs thing && !isDerivation thing && (thing.recurseForDerivations or false) == true && !tooMany thing);
    in if nested.success && nested.value
    then { derivation = false; children = builtins.mapAttrs (_: facts) (removeAttrs thing [ "recurseForDerivations" ]); }
    else facts thing;

  about = whole:
    let chosen = call (builtins.foldl' step whole path);
    in
    if chosen == null then { is = "absent"; }
    else if !builtins.isAttrs chosen then { is = builtins.typeOf chosen; }
    else if isDerivation chosen then { is = "derivation"; facts = facts chosen; }
    else if tooMany chosen then { is = "many"; }
    else { is = "set"; attributes = builtins.mapAttrs (_: attribute) (removeAttrs chosen [ "override" "overrideDerivation" ]); };
in
# Without <nixpkgs> what fails may be whole where there is one.
{ nixpkgs = nixpkgs.success; } // (
  if needed == [ ] then about (call value)
  else if callable then { is = "callPackage"; required = needed; about = about (pkgs.callPackage file (given value)); }
  else { is = "function"; required = needed; }
)
