using Dapper;
using Npgsql;

var database = Environment.GetEnvironmentVariable("SCULLERY_DATABASE")
    ?? throw new InvalidOperationException("SCULLERY_DATABASE is not set");

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(NpgsqlDataSource.Create(database));

var app = builder.Build();

app.MapGet("/rota/{week:int}", async (int week, NpgsqlDataSource source) =>
{
    await using var connection = await source.OpenConnectionAsync();
    return await connection.QueryAsync<string>("select who from rota where week = @week", new { week });
});

app.Run("http://localhost:5080");
