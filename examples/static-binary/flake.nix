{
  description = "A static binary, served by a flake without inputs";

  outputs = { self }: {
    packages.x86_64-linux.default =
      derivation {
        name = "hello";
        system = "x86_64-linux";
        # The program is its own builder: it copies itself to $out, so no other tool is needed.
        builder = ./hello;
        args = [ "--install" ];
      }
      // {
        meta.mainProgram = "hello";
      };
  };
}
