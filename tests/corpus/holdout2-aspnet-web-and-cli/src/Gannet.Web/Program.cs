using Gannet.Core;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(options => options.ListenAnyIP(5080));
builder.Services.AddSingleton<Colony>();

var app = builder.Build();

app.MapGet("/counts/{ledge}", (string ledge, Colony colony) =>
    colony.On(ledge) is { } birds ? Results.Ok(new { ledge, birds }) : Results.NotFound());
app.MapPost("/counts/{ledge}", (string ledge, int birds, Colony colony) =>
{
    colony.Record(ledge, birds);
    return Results.NoContent();
});

app.Run();
