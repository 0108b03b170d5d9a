require_relative "wicket"
run Wicket
