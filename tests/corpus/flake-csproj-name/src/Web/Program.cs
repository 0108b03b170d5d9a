using Markdig;

var builder = WebApplication.CreateBuilder(args);
var port = Environment.GetEnvironmentVariable("FATHOM_PORT") ?? "5080";
builder.WebHost.UseUrls($"http://0.0.0.0:{port}");

var app = builder.Build();
app.MapGet("/", () => Results.Content(Markdown.ToHtml("# Soundings of the week"), "text/html"));
app.Run();
