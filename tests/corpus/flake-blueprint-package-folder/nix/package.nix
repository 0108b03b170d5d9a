# packages.default
{ perSystem, ... }: perSystem.self.larder
