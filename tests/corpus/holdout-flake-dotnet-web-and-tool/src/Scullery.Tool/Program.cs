if (args is not ["swap", var first, var second])
{
    Console.Error.WriteLine("usage: scullery swap WHO WHO");
    return 2;
}

Console.WriteLine($"{first} washes up for {second}");
return 0;
