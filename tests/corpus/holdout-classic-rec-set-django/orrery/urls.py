from django.http import JsonResponse
from django.urls import path


def planets(request):
    return JsonResponse({"planets": ["Mercury", "Venus", "Earth"]})


urlpatterns = [path("planets/", planets)]
