{ ... }: { gitignoreSource = src: src; gitignoreFilter = _: _: _: true; }
