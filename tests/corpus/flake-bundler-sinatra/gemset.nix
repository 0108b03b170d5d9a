{
  nio4r = {
    groups = ["default"];
    platforms = [];
    source = {
      remotes = ["https://rubygems.org"];
      sha256 = "0q3ws8xw1pmy0fd0h9kq5wrmx2vl3g8zmzzi1bb9xyc6n4r1xv8a";
      type = "gem";
    };
    version = "2.7.4";
  };
  puma = {
    dependencies = ["nio4r"];
    groups = ["default"];
    platforms = [];
    source = {
      remotes = ["https://rubygems.org"];
      sha256 = "1r7vl8h0yj2s3pn4b1bqz5m0kw6lxda9fcqf8x2i4n1w7g3yz5hd";
      type = "gem";
    };
    version = "6.5.0";
  };
}
