from django.urls import path

from blooms.views import diary

urlpatterns = [path("", diary)]
