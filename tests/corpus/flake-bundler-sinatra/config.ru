require_relative "app"

run Stockpot
