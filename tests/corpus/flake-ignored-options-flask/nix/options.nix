{
  operator = "harbour office";
}
