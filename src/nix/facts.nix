# What nixdyno wants to know of one value. Looked at strictly inside `tryEval`, so that a package that
# throws (an unfree one, a broken one) does not hide its neighbours.
value:
let
  facts =
    if builtins.isAttrs value && (value.type or null) == "derivation" then {
      derivation = true;
      name = value.name or null;
      pname = value.pname or null;
      program = value.meta.mainProgram or null;
      inputs = value ? inputDerivation;
    } else {
      derivation = false;
    };
  tried = builtins.tryEval (builtins.deepSeq facts facts);
in
if tried.success then tried.value else { derivation = false; failed = true; }
