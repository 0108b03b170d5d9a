module nestbox.example/nestbox

go 1.24
