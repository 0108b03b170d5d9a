from django.db import models


class Bloom(models.Model):
    plant = models.CharField(max_length=80)
    seen = models.DateField()
