from django.http import JsonResponse

from .models import Bloom


def diary(request):
    return JsonResponse({"blooms": list(Bloom.objects.order_by("-seen").values("plant", "seen")[:100])})
