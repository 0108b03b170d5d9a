{
  description = "In place of oxalica/rust-overlay";

  outputs = _:
    let
      overlay = final: prev:
        let
          toolchain = final.stdenv.mkDerivation { pname = "rust-default"; version = "1.91.0"; } // { override = _: toolchain; };
          channel = { default = toolchain; minimal = toolchain; complete = toolchain; };
          dated = channel // { latest = channel; };
        in {
          rust-bin = {
            stable = dated // { "1.85.0" = channel; "1.88.0" = channel; "1.90.0" = channel; };
            beta = dated;
            nightly = dated;
            fromRustupToolchainFile = _: toolchain;
            fromRustupToolchain = _: toolchain;
            selectLatestNightlyWith = _: toolchain;
          };
        };
    in {
      overlays.default = overlay;
      inherit overlay;
      lib.mkRustBin = _: pkgs: (overlay pkgs pkgs).rust-bin;
    };
}
