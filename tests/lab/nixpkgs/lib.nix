# The few functions of nixpkgs' lib that small projects use.
rec {
  inherit (builtins) attrNames attrValues concatStringsSep elem filter head isAttrs isFunction mapAttrs removeAttrs;

  systems.flakeExposed = [ "x86_64-linux" ];

  genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
  concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
  makeBinPath = concatMapStringsSep ":" (package: "${package}/bin");
  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: values: if condition then values else [ ];
  optionalString = condition: text: if condition then text else "";
  optionalAttrs = condition: attrs: if condition then attrs else { };

  getName = package: package.pname or (builtins.parseDrvName package.name).name;
  getExe = package: "${package}/bin/${package.meta.mainProgram or (getName package)}";
  getExe' = package: program: "${package}/bin/${program}";

  escapeShellArg = text: "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] (toString text)}'";

  licenses = genAttrs [ "mit" "asl20" "gpl3Only" "unfree" ] (spdx: { shortName = spdx; free = spdx != "unfree"; });
  platforms = { linux = [ "x86_64-linux" ]; unix = [ "x86_64-linux" ]; all = [ "x86_64-linux" ]; };
}
