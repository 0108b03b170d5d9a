# The functions of nixpkgs' lib that small projects use.
rec {
  inherit (builtins) attrNames attrValues concatLists concatMap concatStringsSep elem elemAt filter foldl' fromJSON fromTOML
    functionArgs genList getAttr hasAttr head isAttrs isFunction isList isString length listToAttrs mapAttrs match readFile
    removeAttrs replaceStrings seq sort split splitVersion stringLength substring tail toJSON trace;

  systems.flakeExposed = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];

  genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
  concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
  concatMapStrings = concatMapStringsSep "";
  concatStrings = concatStringsSep "";
  concatLines = concatMapStrings (line: line + "\n");
  makeBinPath = concatMapStringsSep ":" (package: "${package}/bin");
  makeLibraryPath = concatMapStringsSep ":" (package: "${package}/lib");
  makeSearchPath = sub: concatMapStringsSep ":" (package: "${package}/${sub}");
  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: values: if condition then values else [ ];
  optionalString = condition: text: if condition then text else "";
  optionalAttrs = condition: attrs: if condition then attrs else { };

  getName = package: if isString package then (builtins.parseDrvName package).name else package.pname or (builtins.parseDrvName package.name).name;
  getVersion = package: package.version or (builtins.parseDrvName package.name).version;
  getExe = package: "${package}/bin/${package.meta.mainProgram or (getName package)}";
  getExe' = package: program: "${package}/bin/${program}";
  getBin = package: package;
  getLib = package: package;
  getDev = package: package;
  isDerivation = value: value.type or null == "derivation";

  escapeShellArg = text: "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] (toString text)}'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix = suffix: text: let n = stringLength text - stringLength suffix; in n >= 0 && substring n (-1) text == suffix;
  hasInfix = infix: text: replaceStrings [ infix ] [ "" ] text != text;
  removePrefix = prefix: text: if hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
  removeSuffix = suffix: text: if hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;
  splitString = separator: text: filter isString (split (replaceStrings [ "." "+" "|" "*" ] [ "\\." "\\+" "\\|" "\\*" ] separator) text);
  trim = text: let found = match "[[:space:]]*(.*[^[:space:]])[[:space:]]*" text; in if found == null then "" else head found;
  toLower = text: text;
  fileContents = file: removeSuffix "\n" (readFile file);
  importJSON = file: fromJSON (readFile file);
  importTOML = file: fromTOML (readFile file);
  strings = { inherit concatMapStringsSep concatStringsSep hasPrefix hasSuffix hasInfix removePrefix removeSuffix optionalString splitString trim fileContents makeBinPath escapeShellArg; };

  id = value: value;
  const = value: _: value;
  flip = f: a: b: f b a;
  pipe = foldl' (value: f: f value);
  last = list: elemAt list (length list - 1);
  unique = foldl' (seen: it: if elem it seen then seen else seen ++ [ it ]) [ ];
  flatten = value: if isList value then concatMap flatten value else [ value ];
  lists = { inherit flatten unique optional optionals last; };
  nameValuePair = name: value: { inherit name value; };
  mapAttrs' = f: attrs: listToAttrs (mapAttrsToList f attrs);
  mapAttrsToList = f: attrs: map (name: f name attrs.${name}) (attrNames attrs);
  filterAttrs = f: attrs: removeAttrs attrs (filter (name: !f name attrs.${name}) (attrNames attrs));
  getAttrs = names: attrs: genAttrs names (name: attrs.${name});
  attrByPath = path: default: attrs: foldl' (found: name: found.${name} or default) attrs path;
  mergeAttrsList = foldl' (a: b: a // b) { };
  foldlAttrs = f: start: attrs: foldl' (found: name: f found name attrs.${name}) start (attrNames attrs);
  recursiveUpdate = a: b: a // mapAttrs (name: value: if a ? ${name} && plain a.${name} && plain value then recursiveUpdate a.${name} value else value) b;
  plain = value: isAttrs value && !isDerivation value;
  attrsets = { inherit genAttrs mapAttrs' mapAttrsToList filterAttrs nameValuePair recursiveUpdate optionalAttrs; };
  throwIf = condition: message: value: if condition then throw message else value;
  assertMsg = condition: message: condition || throw message;
  warn = message: value: value;
  warnIf = condition: message: value: value;
  toList = value: if isList value then value else [ value ];
  versionAtLeast = a: b: builtins.compareVersions a b >= 0;
  versionOlder = a: b: builtins.compareVersions a b < 0;
  inNixShell = false;
  trivial = { inherit inNixShell importJSON importTOML pipe id flip; };
  version = "25.11";

  fix = f: let x = f x; in x;
  recurseIntoAttrs = set: set // { recurseForDerivations = true; };
  extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
  composeExtensions = a: b: final: prev: let first = a final prev; in first // b final (prev // first);
  composeManyExtensions = foldl' composeExtensions (final: prev: { });
  makeExtensible = f: fix f // { extend = overlay: makeExtensible (extends overlay f); };
  makeOverridable = f: arguments: let result = f arguments; in
    if isAttrs result then result // { override = new: makeOverridable f (arguments // (if isFunction new then new arguments else new)); } else result;
  callPackageWith = set: pathOrFunction: overrides:
    let
      f = if isFunction pathOrFunction then pathOrFunction else import pathOrFunction;
      wanted = functionArgs f;
      # Packages are many: whatever else a file asks for is there, too.
      others = builtins.filter (name: !wanted.${name} && !(set ? ${name}) && !(overrides ? ${name})) (builtins.attrNames wanted);
      mocked = builtins.listToAttrs (map (name: { inherit name; value = set.mockOf name; }) others);
    in
    if isAttrs pathOrFunction && !isFunction pathOrFunction then pathOrFunction
    else makeOverridable f ((if set ? mockOf then mocked else { }) // builtins.intersectAttrs wanted set // overrides);
  makeScope = newScope: f: let
    self = f self // {
      callPackage = newScope self;
      newScope = more: newScope (self // more);
      overrideScope = overlay: makeScope newScope (extends overlay f);
      packages = f;
    };
  in self;

  # Sources as they lie there: what a filter leaves out is nothing that evaluation would miss.
  cleanSource = src: src;
  cleanSourceFilter = path: type: true;
  cleanSourceWith = { src, ... }: src;
  sourceByRegex = src: regexes: src;
  sourceFilesBySuffices = src: suffixes: src;
  sources = { inherit cleanSource cleanSourceWith sourceByRegex sourceFilesBySuffices cleanSourceFilter; };
  fileset = {
    toSource = { root, fileset }: builtins.seq fileset root;
    unions = sets: sets;
    union = a: b: [ a b ];
    intersection = a: b: [ a b ];
    difference = a: b: a;
    fromSource = src: src;
    fileFilter = f: path: path;
    maybeMissing = path: path;
    gitTracked = path:
      if builtins.pathExists (path + "/.git") then path
      else throw "lib.fileset.gitTracked: Expected the argument (${toString path}) to point to a local working tree of a Git repository, but it's not.";
  };

  fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  fakeSha256 = "0000000000000000000000000000000000000000000000000000000000000000";

  # What modules are written with. Enough to be read, not to be evaluated.
  mkOption = attrs: attrs // { _type = "option"; };
  mkEnableOption = description: mkOption { inherit description; default = false; };
  mkPackageOption = pkgs: name: attrs: mkOption { default = pkgs.${name}; };
  mkIf = condition: content: if condition then content else { };
  mkMerge = foldl' recursiveUpdate { };
  mkDefault = value: value;
  mkForce = value: value;
  mkOverride = priority: value: value;
  mkBefore = value: value;
  mkAfter = value: value;
  types = genAttrs [ "anything" "attrs" "bool" "int" "lines" "package" "path" "port" "raw" "str" "unspecified" ] id // {
    attrsOf = id;
    enum = id;
    listOf = id;
    nullOr = id;
    submodule = id;
    functionTo = id;
  };

  licenses = genAttrs [
    "mit" "asl20" "gpl2Only" "gpl2Plus" "gpl3" "gpl3Only" "gpl3Plus" "agpl3Only" "agpl3Plus" "lgpl3Only" "lgpl3Plus" "mpl20" "bsd2"
    "bsd3" "isc" "unlicense" "cc0" "eupl12" "zlib" "wtfpl" "bsl11" "unfree" "unfreeRedistributable"
  ]
    (spdx: { shortName = spdx; free = !(elem spdx [ "unfree" "unfreeRedistributable" "bsl11" ]); });
  platforms = genAttrs [ "linux" "unix" "all" ] (_: [ "x86_64-linux" ]) // { darwin = [ "x86_64-darwin" ]; };
  maintainers = { };
}
