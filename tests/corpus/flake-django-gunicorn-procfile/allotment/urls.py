from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("The list is 41 names long.\n"))]
