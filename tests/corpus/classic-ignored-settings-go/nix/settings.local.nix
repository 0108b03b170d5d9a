{
  operator = "the bird observatory";
}
