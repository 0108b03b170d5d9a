# What nixdyno wants to know of one value. Each field is looked at strictly inside a `tryEval` of its own,
# so that a package that throws (an unfree one, a broken one) hides neither its neighbours nor what else is
# known of it. Texts leave their context behind: whoever reads them builds nothing.
value:
let
  try = default: thing:
    let tried = builtins.tryEval (builtins.deepSeq thing thing);
    in if tried.success then tried.value else default;
  word = thing: if builtins.isString thing then builtins.substring 0 1000 (builtins.unsafeDiscardStringContext thing) else null;
  text = thing: word (try null thing);
  yes = thing: try false thing == true;
  texts = thing:
    let list = try [ ] thing;
    in if builtins.isList list then builtins.filter (it: it != null) (map word list) else [ ];
  is = try null (builtins.isAttrs value && (value.type or null) == "derivation");
  # Looked at one by one: some part of `meta` may throw.
  get = name: let tried = builtins.tryEval (value.meta.${name} or null); in if tried.success then tried.value else null;
  licenses = let found = get "license"; in if builtins.isList found then found else [ found ];
  command = value.buildArgs.config.Cmd or value.buildArgs.config.Entrypoint or [ ];
in
if is == null then { derivation = false; failed = true; }
else if !is then { derivation = false; }
else {
  derivation = true;
  name = text (value.name or null);
  pname = text (value.pname or null);
  program = text (get "mainProgram");
  inputs = yes (value ? inputDerivation);
  broken = yes (get "broken");
  unsupported = yes (get "unsupported");
  insecure = yes (get "insecure") || yes ((value.meta.knownVulnerabilities or [ ]) != [ ]);
  unfree = yes (get "unfree") || yes (builtins.any (it: (it.free or true) == false) licenses);
  # What `mkShell` sets, and hardly anybody else.
  shell = yes (value ? shellHook && (value.phases or [ ]) == [ "buildPhase" ]);
  image = yes (value ? imageName || value ? imageTag || value ? buildArgs);
  imageCommand = texts (map toString command);
}
