require "sinatra/base"

class Stockpot < Sinatra::Base
  set :views, "views"
  set :public_folder, "public"

  get "/" do
    erb :index, locals: { left: params.fetch("left", "").split(",") }
  end
end
