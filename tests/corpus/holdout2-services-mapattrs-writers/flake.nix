{
  description = "pinfence: the notices on our village's fence";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05-small";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;

      # One line a service. `timer` makes it a oneshot in the NixOS module.
      services = {
        digest = { program = "pinfence-digest"; source = ./services/digest.py; timer = "Mon 07:00"; libraries = ps: [ ps.feedgenerator ]; };
        fence = { program = "pinfence-http"; source = ./services/fence.py; };
        sweep = { program = "pinfence-sweep"; source = ./services/sweep.py; timer = "daily"; };
      };

      mkService = pkgs: _name: service:
        pkgs.writers.writePython3Bin service.program
          {
            libraries = (service.libraries or (_: [ ])) pkgs.python3Packages;
            flakeIgnore = [ "E501" ];
          }
          (builtins.readFile service.source);

      systems = [ "x86_64-linux" "aarch64-linux" ];
    in
    {
      packages = lib.genAttrs systems (system:
        lib.mapAttrs (mkService nixpkgs.legacyPackages.${system}) services);

      nixosModules.default = { config, pkgs, ... }: {
        options.services.pinfence.enable = lib.mkEnableOption "pinfence";
        config = lib.mkIf config.services.pinfence.enable {
          systemd.services = lib.mapAttrs'
            (name: service: lib.nameValuePair "pinfence-${name}" ({
              environment.PINFENCE_DIR = "/var/lib/pinfence";
              serviceConfig.ExecStart = "${self.packages.${pkgs.system}.${name}}/bin/${service.program}";
              serviceConfig.StateDirectory = "pinfence";
            } // (if service ? timer
              then { startAt = service.timer; }
              else { wantedBy = [ "multi-user.target" ]; })))
            services;

          services.nginx.virtualHosts."fence.example".locations."/".proxyPass = "http://127.0.0.1:8020";
        };
      };
    };
}
