{
  description = "Which birds were seen from the hut today";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-23.11";
  inputs.flake-utils.url = "github:numtide/flake-utils";

  outputs = { self, nixpkgs, flake-utils }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = nixpkgs.legacyPackages.${system};
        python = pkgs.python311.withPackages (ps: with ps; [ flask python-dotenv ]);
      in
      rec {
        packages.python-env = python;

        packages.run = pkgs.writeScriptBin "run-app" ''
          #!${pkgs.runtimeShell}
          cd ${./.}
          export FLASK_APP=birdhut.py
          exec ${python}/bin/flask run --host=0.0.0.0 --port="''${PORT:-5000}"
        '';

        defaultPackage = packages.run;

        apps.run = flake-utils.lib.mkApp { drv = packages.run; exePath = "/bin/run-app"; };
        defaultApp = apps.run;

        devShell = pkgs.mkShell {
          buildInputs = [ packages.python-env ];
          FLASK_ENV = "development";
        };
      });
}
