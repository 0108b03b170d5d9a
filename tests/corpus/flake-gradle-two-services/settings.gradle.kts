rootProject.name = "granary"

include("billing", "orders")
