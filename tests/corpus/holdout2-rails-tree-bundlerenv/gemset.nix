{
  nio4r = {
    groups = ["default"];
    platforms = [];
    source = {
      remotes = ["https://rubygems.org"];
      sha256 = "0h21nzc984c1a59wqdylrhdvf01cah55a1i0vrc6k1jdjg733h82";
      type = "gem";
    };
    version = "2.7.4";
  };
  pg = {
    groups = ["default"];
    platforms = [];
    source = {
      remotes = ["https://rubygems.org"];
      sha256 = "0fp5csw2j4h2vif26pznzrs9bljzv0lbzbfbd54s2bpvivzncf6a";
      type = "gem";
    };
    version = "1.5.9";
  };
  puma = {
    dependencies = ["nio4r"];
    groups = ["default"];
    platforms = [];
    source = {
      remotes = ["https://rubygems.org"];
      sha256 = "03dfr18xkwd05r8rd7hf0bmmjqmlwf836mn6xchdlzx60w5v54q3";
      type = "gem";
    };
    version = "6.4.3";
  };
  rails = {
    groups = ["default"];
    platforms = [];
    source = {
      remotes = ["https://rubygems.org"];
      sha256 = "1zjbpmv5ivhf602jlcc5j5ml4yrh3l8v3r8rs2nswrlf9dx3l7wx";
      type = "gem";
    };
    version = "7.2.2";
  };
  sidekiq = {
    groups = ["default"];
    platforms = [];
    source = {
      remotes = ["https://rubygems.org"];
      sha256 = "1i49yc9bkiq0i479vag2vsvajifa5w4cn0i41nq42pwgs34wbapx";
      type = "gem";
    };
    version = "7.3.5";
  };
}
