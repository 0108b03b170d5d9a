{ config, lib, pkgs, ... }:
{
  options.services.x.enable = lib.mkEnableOption "x";
  config = lib.mkIf config.services.x.enable { };
}
