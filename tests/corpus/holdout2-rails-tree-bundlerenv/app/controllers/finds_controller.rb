class FindsController < ActionController::API
  def index
    render json: Find.order(found_on: :desc).limit(50)
  end
end
