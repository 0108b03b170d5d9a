document.title = "moorgate";
