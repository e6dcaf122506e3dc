-- Hodgkin lab: crystallography and biochemistry: what it has, and where. Made up; tables.sql explains the columns.
COPY demo_locations (code, parent, kind, name, count_period_days, counted_days_ago) FROM STDIN (FORMAT csv);
SB,,building,Structural biology,,
R103,SB,room,Wet lab 1.03,,
BU,R103,storage,Buffer shelves,90,38
BU1,BU,shelf,Shelf 1,,38
BU2,BU,shelf,Shelf 2,,38
BU3,BU,shelf,Shelf 3,,38
SL,R103,storage,Salt cupboard,90,97
SL1,SL,shelf,Shelf 1,,97
SL2,SL,shelf,Shelf 2,,97
FL,R103,storage,Flammables cabinet,30,16
TO,R103,storage,Toxics cabinet,30,41
R105,SB,room,Crystallisation 1.05,,
PG,R105,storage,Precipitant rack,60,33
FI,R105,storage,"Fridge 1, 4 °C",60,22
FI1,FI,shelf,Shelf 1,,22
FI2,FI,shelf,Shelf 2,,22
F2,R105,storage,"Freezer 2, −20 °C",60,65
F2a,F2,shelf,Drawer 1,,65
F2b,F2,shelf,Drawer 2,,65
F8,R105,storage,"Freezer 3, −80 °C",180,
CR,SB,room,Cold room 1.07,90,50
GC,SB,room,Gas cage,365,150
\.
COPY demo_chemicals (name, cas_number, supplier, catalogue_number, low_stock_amount, low_stock_unit, physical_state,
                     density_g_per_ml, checked_none, notes) FROM STDIN (FORMAT csv);
Tris,77-86-1,Sigma-Aldrich,T1503,500,g,,,,
Tris hydrochloride,1185-53-1,Sigma-Aldrich,T3253,100,g,,,,
HEPES,7365-45-9,Sigma-Aldrich,H3375,200,g,,,,
MES monohydrate,145224-94-8,Sigma-Aldrich,69892,50,g,,,,
MOPS,1132-61-2,Sigma-Aldrich,M1254,50,g,,,,
Bis-Tris,6976-37-0,Sigma-Aldrich,B9754,50,g,,,,
PEG 400,25322-68-3,Hampton Research,HR2-603,200,mL,liquid,1.128,,
PEG 3350,25322-68-3,Sigma-Aldrich,P4338,500,g,,,,
PEG 8000,25322-68-3,Sigma-Aldrich,89510,250,g,,,,
PEG MME 2000,9004-74-4,Sigma-Aldrich,202509,100,g,,,,
"2-Methyl-2,4-pentanediol",107-41-5,Sigma-Aldrich,68340,250,mL,,,,
Glycerol,56-81-5,Fisher Scientific,G/0650/17,500,mL,,,,
Ethylene glycol,107-21-1,Sigma-Aldrich,324558,250,mL,,,,
2-Propanol,67-63-0,VWR Chemicals,20842.330,1,L,,,,
"Ethanol, absolute",64-17-5,VWR Chemicals,20821.330,2.5,L,,,,
Dimethyl sulfoxide,67-68-5,Sigma-Aldrich,D8418,100,mL,,,,
Acetonitrile,75-05-8,Fisher Scientific,A/0638/17,1,L,,,,
Ammonium sulfate,7783-20-2,Sigma-Aldrich,A4418,1,kg,,,,
Sodium chloride,7647-14-5,Fisher Scientific,S/3160/60,1,kg,,,,
Potassium chloride,7447-40-7,Sigma-Aldrich,P9541,200,g,,,,
Magnesium chloride hexahydrate,7791-18-6,Sigma-Aldrich,M2670,100,g,,,,
Calcium chloride dihydrate,10035-04-8,Sigma-Aldrich,C3306,100,g,,,,
Lithium sulfate monohydrate,10102-25-7,Sigma-Aldrich,62609,50,g,,,,
Sodium acetate trihydrate,6131-90-4,Sigma-Aldrich,S7670,250,g,,,,
Trisodium citrate dihydrate,6132-04-3,Sigma-Aldrich,S4641,250,g,,,,
Citric acid monohydrate,5949-29-1,Sigma-Aldrich,C1909,100,g,,,,
Disodium malonate,141-95-7,Hampton Research,HR2-715,50,g,,,,
Zinc acetate dihydrate,5970-45-6,Sigma-Aldrich,Z0625,25,g,,,,
Cadmium chloride,10108-64-2,Sigma-Aldrich,202908,5,g,,,,
Nickel(II) sulfate hexahydrate,10101-97-0,Sigma-Aldrich,227676,50,g,,,,
Cobalt(II) chloride hexahydrate,7791-13-1,Sigma-Aldrich,255599,10,g,,,,
Disodium hydrogen phosphate,7558-79-4,Sigma-Aldrich,S9763,100,g,,,,
Sodium azide,26628-22-8,Sigma-Aldrich,S2002,10,g,,,,
Imidazole,288-32-4,Sigma-Aldrich,I5513,200,g,,,,
DL-Dithiothreitol,3483-12-3,Sigma-Aldrich,D0632,10,g,,,,
TCEP hydrochloride,51805-45-9,Sigma-Aldrich,C4706,5,g,,,,
2-Mercaptoethanol,60-24-2,Sigma-Aldrich,M3148,50,mL,,,,
EDTA disodium salt dihydrate,6381-92-6,Sigma-Aldrich,E5134,100,g,,,,
Phenylmethanesulfonyl fluoride,329-98-6,Sigma-Aldrich,P7626,5,g,,,,
IPTG,367-93-1,Fluorochem,M02726,10,g,,,,
Guanidine hydrochloride,50-01-1,Sigma-Aldrich,G3272,250,g,,,,
Urea,57-13-6,Sigma-Aldrich,U5378,500,g,,,,
Sodium dodecyl sulfate,151-21-3,Sigma-Aldrich,L3771,100,g,,,,
"Acrylamide/bis-acrylamide 29:1, 40 % solution",79-06-1,Bio-Rad,1610146,200,mL,liquid,1.04,,
"N,N,N′,N′-Tetramethylethylenediamine",110-18-9,Sigma-Aldrich,T9281,10,mL,,,,
Ammonium persulfate,7727-54-0,Sigma-Aldrich,A3678,25,g,,,,
Coomassie Brilliant Blue R-250,6104-59-2,Bio-Rad,1610400,5,g,,,,
Lysozyme from hen egg white,12650-88-3,Sigma-Aldrich,L6876,5,g,,,,
Proteinase K,39450-01-6,Roche,3115836001,100,mg,,,,
Thaumatin from Thaumatococcus daniellii,53850-34-3,Sigma-Aldrich,T7638,50,mg,,,,
Trypsin from bovine pancreas,9002-07-7,Sigma-Aldrich,T1426,100,kU,,,,
DNase I from bovine pancreas,9003-98-9,Roche,10104159001,10,kU,,,,
Bovine serum albumin,9048-46-8,Sigma-Aldrich,A7906,10,g,,,,
Ampicillin sodium,69-52-3,Sigma-Aldrich,A9518,5,g,,,,
Kanamycin sulfate,25389-94-0,Sigma-Aldrich,K4000,5,g,,,,
L-Selenomethionine,3211-76-5,Acros Organics,259960010,1,g,,,,
D-(+)-Glucose,50-99-7,Sigma-Aldrich,G8270,500,g,,,,
D-(+)-Trehalose dihydrate,6138-23-4,Sigma-Aldrich,T9531,25,g,,,,
Potassium tetrachloroplatinate(II),10025-99-7,Strem,78-1820,500,mg,,,,
Potassium dicyanoaurate(I),13967-50-5,Strem,79-1000,500,mg,,,,
Thimerosal,54-64-8,Sigma-Aldrich,T5125,2,g,,,,
Perfluoropolyether cryo oil,69991-67-9,Hampton Research,HR2-814,20,mL,,,,
"Nitrogen, compressed",7727-37-9,BOC,44-W,50,bar,,,,
n-Dodecyl-β-D-maltoside,69227-93-6,Anatrace,D310,2,g,,,,
Sodium cacodylate trihydrate,6131-99-3,Sigma-Aldrich,C4945,25,g,,,,
"LB broth, Miller",,Merck,1.10285.0500,250,g,solid,,true,
"Crystal Screen HT, 96 conditions",,Hampton Research,HR2-130,1,each,,,,
\.
COPY demo_containers (barcode, chemical, location, pack_size, pack_unit, amount, unit, lot, purity, price, received_days_ago,
                      opened_days_ago, expires_in_days, order_number, received_by) FROM STDIN (FORMAT csv);
CT-001001,Tris,BU1,1,kg,640,g,SHBK1779,≥ 99.9 %,88,220,160,900,,eve
CT-001002,Tris,BU1,1,kg,1,kg,STBL4875,≥ 99.9 %,91,31,,1300,PO-186,eve
CT-001003,Tris hydrochloride,BU1,500,g,370,g,MKCJ9760,≥ 99 %,74,300,240,700,,eve
CT-001004,Tris hydrochloride,BU1,500,g,500,g,BCCL8278,≥ 99 %,74,130,,901,,eve
CT-001005,HEPES,BU1,500,g,310,g,SHBM8351,≥ 99.5 %,121,180,130,800,,eve
CT-001006,HEPES,BU1,500,g,500,g,BCCK6333,≥ 99.5 %,121,58,,1152,PO-165,eve
CT-001007,MES monohydrate,BU2,250,g,190,g,BCCK2176,≥ 99 %,69,330,250,600,,eve
CT-001008,MES monohydrate,BU2,250,g,250,g,BCCL7637,≥ 99 %,69,130,,939,,eve
CT-001009,MOPS,BU2,100,g,64,g,BCCK3879,≥ 99.5 %,47,340,250,500,,eve
CT-001010,Bis-Tris,BU2,100,g,46,g,SHBP7393,≥ 98 %,58,260,190,600,,eve
CT-001011,PEG 400,PG,200,mL,140,mL,245280,,36,170,120,500,,eve
CT-001012,PEG 400,PG,200,mL,200,mL,243565,,37,42,,800,PO-180,eve
CT-001013,PEG 3350,PG,1,kg,560,g,MKCJ5297,,52,210,170,700,,eve
CT-001014,PEG 3350,PG,1,kg,1,kg,STBK7093,,54,28,,900,PO-189,eve
CT-001015,PEG 8000,PG,1,kg,,kg,MKCJ5246,,57,480,400,120,,eve
CT-001016,PEG MME 2000,PG,250,g,170,g,BCCL2559,,43,280,220,26,,eve
CT-001017,PEG MME 2000,PG,250,g,250,g,MKCM5588,,43,90,,181,,eve
CT-001018,"2-Methyl-2,4-pentanediol",FL,500,mL,380,mL,SHBH7413,≥ 99 %,46,200,150,400,,eve
CT-001019,Glycerol,BU3,2.5,L,1.8,L,2397562,≥ 99 %,39,240,200,600,,eve
CT-001020,Ethylene glycol,FL,1,L,870,mL,MKCL3785,"99.8 %, anhydrous",55,310,230,500,,eve
CT-001021,2-Propanol,FL,2.5,L,1.3,L,23C184025,≥ 99.7 %,16,130,100,500,,eve
CT-001022,2-Propanol,FL,2.5,L,2.5,L,24H294020,≥ 99.7 %,17,22,,700,PO-198,eve
CT-001023,"Ethanol, absolute",FL,2.5,L,0.9,L,25A194024,≥ 99.8 %,34,130,105,500,,eve
CT-001024,"Ethanol, absolute",FL,2.5,L,2.5,L,25G134026,≥ 99.8 %,36,22,14,700,PO-198,eve
CT-001025,Dimethyl sulfoxide,FL,250,mL,190,mL,MKCL6104,≥ 99.9 %,58,230,180,300,,eve
CT-001026,Dimethyl sulfoxide,FL,250,mL,250,mL,SHBK5592,≥ 99.9 %,58,58,,643,PO-165,eve
CT-001027,Acetonitrile,FL,2.5,L,1.65,L,2424759,HPLC grade,49,190,120,340,,eve
CT-001028,Ammonium sulfate,SL1,1,kg,380,g,BCCL7640,≥ 99 %,49,250,200,900,,eve
CT-001029,Ammonium sulfate,SL1,1,kg,1,kg,MKCH4451,≥ 99 %,51,36,,1200,PO-183,eve
CT-001030,Sodium chloride,SL1,1,kg,520,g,2403404,≥ 99.5 %,14,280,240,1100,,eve
CT-001031,Sodium chloride,SL1,1,kg,1,kg,2439889,≥ 99.5 %,15,49,,1400,PO-168,eve
CT-001032,Potassium chloride,SL1,500,g,410,g,BCCM5555,≥ 99 %,33,400,350,1100,,eve
CT-001033,Magnesium chloride hexahydrate,SL1,500,g,355,g,STBM7126,≥ 99 %,37,360,300,900,,eve
CT-001034,Calcium chloride dihydrate,SL2,500,g,460,g,BCCP6428,≥ 99 %,41,380,300,900,,eve
CT-001035,Lithium sulfate monohydrate,SL2,250,g,175,g,SHBP5420,≥ 99 %,45,450,380,700,,eve
CT-001036,Sodium acetate trihydrate,SL2,1,kg,690,g,BCCL5919,≥ 99 %,43,500,430,800,,eve
CT-001037,Trisodium citrate dihydrate,SL2,500,g,210,g,SHBP9320,≥ 99 %,36,380,300,600,,eve
CT-001038,Citric acid monohydrate,SL2,500,g,390,g,SHBM4325,≥ 99.5 %,35,390,320,600,,eve
CT-001039,Citric acid monohydrate,SL2,500,g,500,g,STBJ5457,≥ 99.5 %,35,90,,938,,eve
CT-001040,Disodium malonate,SL2,100,g,62,g,210903,,52,350,280,300,,eve
CT-001041,Zinc acetate dihydrate,SL2,100,g,71,g,MKCH6833,≥ 98 %,31,520,430,500,,eve
CT-001042,Zinc acetate dihydrate,SL2,100,g,100,g,MKCH4405,≥ 98 %,31,130,,675,,eve
CT-001043,Cadmium chloride,TO,25,g,19.5,g,BCCJ1380,99.99 %,88,600,480,700,,eve
CT-001044,Nickel(II) sulfate hexahydrate,TO,100,g,66,g,BCCJ2344,≥ 99 %,42,410,340,800,,eve
CT-001045,Nickel(II) sulfate hexahydrate,TO,100,g,100,g,MKCK7237,≥ 99 %,42,44,,1015,PO-171,eve
CT-001046,Cobalt(II) chloride hexahydrate,TO,25,g,22,g,BCCJ8514,≥ 98 %,57,430,330,700,,eve
CT-001047,Cobalt(II) chloride hexahydrate,TO,25,g,25,g,STBP5452,≥ 98 %,57,58,,903,PO-165,eve
CT-001048,Disodium hydrogen phosphate,SL1,500,g,360,g,SHBL2374,≥ 99 %,39,450,380,900,,eve
CT-001049,Sodium azide,TO,25,g,18,g,STBM3248,≥ 99.5 %,38,700,610,600,,eve
CT-001050,Imidazole,TO,500,g,260,g,BCCP5740,≥ 99 %,77,200,150,500,,eve
CT-001051,Imidazole,TO,250,g,250,g,BCCH5242,≥ 99 %,48,15,,1000,PO-204,eve
CT-001052,DL-Dithiothreitol,F2a,25,g,11.2,g,MKCL3705,≥ 98 %,112,230,190,20,,eve
CT-001053,TCEP hydrochloride,F2a,10,g,7.2,g,BCCL6345,≥ 98 %,96,180,130,250,,eve
CT-001054,2-Mercaptoethanol,FI1,100,mL,72,mL,BCCP4038,≥ 99 %,34,320,260,150,,eve
CT-001055,2-Mercaptoethanol,FI1,100,mL,100,mL,SHBH7999,≥ 99 %,34,58,,383,PO-165,eve
CT-001056,EDTA disodium salt dihydrate,BU3,500,g,330,g,BCCJ4682,≥ 99 %,56,480,400,700,,eve
CT-001057,EDTA disodium salt dihydrate,BU3,500,g,500,g,SHBH5686,≥ 99 %,56,58,,979,PO-165,eve
CT-001058,Phenylmethanesulfonyl fluoride,F2a,10,g,3.1,g,SHBJ3049,≥ 98.5 %,92,370,300,-18,,eve
CT-001059,IPTG,F2a,25,g,17.5,g,FCB71305,≥ 99 %,89,110,90,540,,eve
CT-001060,Guanidine hydrochloride,BU3,500,g,,g,MKCM1005,≥ 99 %,83,570,470,200,,eve
CT-001061,Guanidine hydrochloride,BU3,500,g,500,g,BCCM8633,≥ 99 %,83,44,,524,PO-171,eve
CT-001062,Urea,BU3,1,kg,700,g,SHBJ9431,,35,420,370,700,,eve
CT-001063,Urea,BU3,1,kg,1,kg,SHBP3968,,35,130,,1074,,eve
CT-001064,Sodium dodecyl sulfate,BU3,250,g,160,g,MKCJ1278,≥ 98.5 %,58,350,300,600,,eve
CT-001065,"Acrylamide/bis-acrylamide 29:1, 40 % solution",FI1,500,mL,190,mL,64006833,40 %,66,150,120,90,,eve
CT-001066,"Acrylamide/bis-acrylamide 29:1, 40 % solution",FI1,500,mL,500,mL,64009529,40 %,68,11,,360,PO-207,eve
CT-001067,"N,N,N′,N′-Tetramethylethylenediamine",FI1,25,mL,16,mL,MKCL7057,99 %,29,380,330,100,,eve
CT-001068,"N,N,N′,N′-Tetramethylethylenediamine",FI1,25,mL,25,mL,STBH8217,99 %,29,44,,283,PO-171,eve
CT-001069,Ammonium persulfate,BU3,100,g,81,g,BCCP7914,≥ 98 %,33,370,310,160,,eve
CT-001070,Coomassie Brilliant Blue R-250,BU3,10,g,6.8,g,64006728,,45,500,420,800,,eve
CT-001071,Lysozyme from hen egg white,F2b,10,g,6.1,g,BCCP3999,≥ 40 000 U/mg,118,140,110,620,,eve
CT-001072,Lysozyme from hen egg white,F2b,10,g,10,g,STBL4576,≥ 40 000 U/mg,121,16,,900,PO-201,eve
CT-001073,Proteinase K,F2b,100,mg,82,mg,G81483,,94,160,130,400,,eve
CT-001074,Thaumatin from Thaumatococcus daniellii,F2b,250,mg,205,mg,MKCM5995,,76,240,190,500,,eve
CT-001075,Thaumatin from Thaumatococcus daniellii,F2b,250,mg,250,mg,MKCJ9955,,76,58,,744,PO-165,eve
CT-001076,Trypsin from bovine pancreas,F2b,1000,kU,640,kU,MKCH9347,≥ 10 000 U/mg,82,260,200,280,,eve
CT-001077,Trypsin from bovine pancreas,F2b,1000,kU,1000,kU,BCCJ9937,≥ 10 000 U/mg,82,44,,591,PO-171,eve
CT-001078,DNase I from bovine pancreas,F2b,200,kU,124,kU,B33554,,143,300,240,29,,eve
CT-001079,Bovine serum albumin,FI2,50,g,36,g,BCCH7381,≥ 98 %,92,290,240,500,,eve
CT-001080,Ampicillin sodium,FI2,25,g,13.5,g,BCCM2259,,61,180,150,220,,eve
CT-001081,Kanamycin sulfate,FI2,10,g,6,g,BCCK7899,,87,220,180,320,,eve
CT-001082,L-Selenomethionine,F8,1,g,740,mg,D61104,≥ 99 %,128,95,85,600,,eve
CT-001083,D-(+)-Glucose,BU3,1,kg,780,g,BCCM7308,≥ 99.5 %,29,310,260,900,,eve
CT-001084,D-(+)-Glucose,BU3,1,kg,1,kg,MKCM5850,≥ 99.5 %,29,58,,1245,PO-165,eve
CT-001085,D-(+)-Trehalose dihydrate,BU3,25,g,15,g,STBK2204,≥ 99 %,66,270,220,500,,eve
CT-001086,Potassium tetrachloroplatinate(II),TO,1,g,770,mg,F40939,99.9 %,142,640,510,900,,eve
CT-001087,Potassium tetrachloroplatinate(II),TO,1,g,1,g,C80349,99.9 %,142,130,,1226,,eve
CT-001088,Potassium dicyanoaurate(I),TO,1,g,900,mg,G36319,99 %,131,610,500,900,,eve
CT-001089,Potassium dicyanoaurate(I),TO,1,g,1,g,F21993,99 %,131,90,,1088,,eve
CT-001090,Thimerosal,TO,10,g,8.7,g,BCCM3695,≥ 97 %,44,800,690,-40,,eve
CT-001091,Perfluoropolyether cryo oil,PG,50,mL,31,mL,275421,,73,330,290,,,eve
CT-001092,Perfluoropolyether cryo oil,PG,50,mL,50,mL,218120,,73,44,,,PO-174,eve
CT-001093,"Nitrogen, compressed",GC,200,bar,110,bar,B658581,99.998 %,71,82,80,,,eve
CT-001094,"Nitrogen, compressed",GC,200,bar,200,bar,B126233,99.998 %,74,24,,,PO-192,eve
CT-001095,n-Dodecyl-β-D-maltoside,F2a,5,g,2.9,g,C76621,≥ 99 %,164,130,100,420,,eve
CT-001096,n-Dodecyl-β-D-maltoside,F2a,5,g,5,g,A51489,≥ 99 %,164,44,,678,PO-177,eve
CT-001097,Sodium cacodylate trihydrate,TO,50,g,41,g,STBP9654,≥ 98 %,69,560,470,500,,eve
CT-001098,"LB broth, Miller",BU3,500,g,240,g,MKCK2692,,54,160,140,500,,eve
CT-001099,"LB broth, Miller",BU3,500,g,500,g,SHBH4252,,55,24,,900,PO-195,eve
CT-001100,"Crystal Screen HT, 96 conditions",CR,1,each,1,each,266634,,168,70,66,290,PO-162,eve
CT-001101,"Crystal Screen HT, 96 conditions",CR,1,each,1,each,237565,,171,8,,360,PO-210,eve
\.
