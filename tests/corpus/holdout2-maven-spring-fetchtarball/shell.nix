{ package ? import ./default.nix { } }:

package.overrideAttrs (old: {
  nativeBuildInputs = old.nativeBuildInputs or [ ];
  shellHook = ''
    export LEDGER_DB_URL=jdbc:h2:mem:ledger
    echo "mvn spring-boot:run"
  '';
})
