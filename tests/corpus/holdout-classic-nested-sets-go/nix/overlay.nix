final: prev:
let
  go = name: final.buildGoModule {
    pname = "windlass-${name}";
    version = "2024.11";
    src = final.lib.sourceByRegex ../. [ "^cmd.*" "^go\\.(mod|sum)$" ];
    vendorHash = "sha256-gHpxwJ17psEUFyKejDJ7O9P9uDO7RhLVJlGmrJNj8SE=";
    subPackages = [ "cmd/windlass-${name}" ];
    meta.mainProgram = "windlass-${name}";
  };
in
{
  windlass = final.lib.genAttrs [ "dashboard" "hoist" "ledger" ] go;
}
