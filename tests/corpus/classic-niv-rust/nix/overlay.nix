{ sources }:
final: prev: {
  naersk = final.callPackage sources.naersk { };
}
