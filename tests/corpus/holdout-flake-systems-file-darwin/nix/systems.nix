{
  # Core Image is only there.
  build = [
    "aarch64-darwin"
    "x86_64-darwin"
  ];
  edit = [
    "x86_64-linux"
    "aarch64-linux"
  ];
}
