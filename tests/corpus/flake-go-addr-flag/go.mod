module example.org/hides/sandpiper

go 1.23
